import { spawn } from 'node:child_process'

/** Opens the URL where there is somebody to look at it; a failure is no matter, because the URL is printed too. */
export function openBrowser(url: string, { platform, env } = { platform: process.platform, env: process.env }): void {
  const command = browserCommand(platform, env)
  if (!command) return
  const child = spawn(command[0], [...command.slice(1), url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

/** @returns null on CI and where there is no display */
export function browserCommand(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] | null {
  if (env.CI || env.TABSWARM_NO_OPEN) return null
  switch (platform) {
    case 'darwin':
      return ['open']
    case 'win32':
      return ['cmd', '/c', 'start', '']
    default:
      return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : null
  }
}
