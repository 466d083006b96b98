// Where Chromium is, and how the lab starts it. Node builtins only: set-up runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const cacheFile = path.join(projectFolder, '.cache/chromium.json')
const PLAYWRIGHT_LIMIT_MS = 180_000
const PACKAGE_LIMIT_MS = 300_000

/**
 * For headless Chromium that trains: WebGPU also without a GPU, no background chatter, no slowing down of pages that nobody looks
 * at, and host candidates with plain addresses, because there is no mDNS responder on a test machine.
 */
export const chromiumFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

/**
 * Finds Chromium without installing anything.
 * @returns {string | null} path of the executable
 */
export function findChromium() {
  return fromEnvironment() ?? cached() ?? installed() ?? fromPlaywright()
}

/**
 * Finds Chromium, or installs it: Playwright's own, else the distribution's package.
 * @param {(line: string) => void} say
 * @returns {string} path of the executable
 */
export function ensureChromium(say) {
  const found = findChromium()
  if (found) return remember(found)
  const tried = ['TABSWARM_CHROMIUM is not set', 'no chromium or google-chrome in PATH or the usual places']
  say('no Chromium here; trying: npx playwright install chromium')
  tried.push(attempt('npx', ['playwright', 'install', 'chromium'], PLAYWRIGHT_LIMIT_MS))
  const downloaded = fromPlaywright()
  if (downloaded) return remember(downloaded)
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say('trying: apt-get install -y chromium')
    attempt('apt-get', ['update'], PACKAGE_LIMIT_MS)
    tried.push(attempt('apt-get', ['install', '-y', 'chromium'], PACKAGE_LIMIT_MS))
    const packaged = installed()
    if (packaged) return remember(packaged)
  } else tried.push("the distribution's package was not tried (needs root on Debian or Ubuntu)")
  throw new Error(
    `No Chromium. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\nInstall Chromium or Chrome, or set TABSWARM_CHROMIUM to its executable.`,
  )
}

function fromEnvironment() {
  const named = process.env.TABSWARM_CHROMIUM
  if (!named) return null
  if (!isExecutable(named)) throw new Error(`TABSWARM_CHROMIUM names ${named}, which is not an executable file; correct or unset it.`)
  return named
}

function cached() {
  try {
    const { executable } = JSON.parse(readFileSync(cacheFile, 'utf8'))
    return isExecutable(executable) ? executable : null
  } catch {
    return null
  }
}

function remember(executable) {
  if (process.env.TABSWARM_CHROMIUM || cached() === executable) return executable
  mkdirSync(path.dirname(cacheFile), { recursive: true })
  writeFileSync(cacheFile, JSON.stringify({ executable }))
  return executable
}

function installed() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  const candidates = folders.flatMap((folder) =>
    names.map((name) => path.join(folder, process.platform === 'win32' ? `${name}.exe` : name)),
  )
  return [...candidates, ...usualPlaces()].find(isExecutable) ?? null
}

function usualPlaces() {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']
    case 'win32':
      return [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
        .filter(Boolean)
        .map((folder) => path.join(folder, 'Google/Chrome/Application/chrome.exe'))
    default:
      return [
        '/usr/bin/chromium',
        '/usr/bin/chromium-browser',
        '/usr/lib/chromium/chromium',
        '/snap/bin/chromium',
        '/opt/google/chrome/chrome',
      ]
  }
}

/** Playwright keeps its browsers in one cache folder, `chromium-<revision>` each. */
function fromPlaywright() {
  const caches = {
    darwin: path.join(homedir(), 'Library/Caches/ms-playwright'),
    win32: path.join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
  }
  const root =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    caches[process.platform] ??
    path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ms-playwright')
  if (!existsSync(root)) return null
  const inside = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
  ]
  const newestFirst = readdirSync(root)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]))
  return newestFirst.flatMap((name) => inside.map((place) => path.join(root, name, place))).find(isExecutable) ?? null
}

/** Runs a command and says in one line how it ended. */
function attempt(command, args, limitMs) {
  const { status, signal, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    timeout: limitMs,
    cwd: projectFolder,
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const shown = `${command} ${args.join(' ')}`
  if (signal || error?.code === 'ETIMEDOUT') return `${shown}: gave up after ${limitMs / 1000} s`
  if (error) return `${shown}: ${error.message}`
  return `${shown}: ended with ${status}${status === 0 ? ', but no browser was found after it' : ''}`
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
