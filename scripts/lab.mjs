// `npm run -s lab -- ...`: set-up as far as the command needs it, then the command. Set-up talks on the error stream.
import { runLab } from './run-lab.mjs'
import { runScript, setUp } from './setup.mjs'

const [command, ...rest] = process.argv.slice(2)
const helpOnly = command === undefined || [command, ...rest].some((word) => word === '--help' || word === '-h')
const browserBackend = [command, ...rest].some((word) => /^(--backend=)?(wgsl|webgpu|webgl)$/.test(word))
const needsTabs = !helpOnly && (command === 'run' || (command === 'verify' && browserBackend))
// Its pages are built by the bench itself.
const benchInTabs =
  !helpOnly && command === 'bench' && ['engine', 'kernels'].includes(rest[0]) && !rest.some((word) => /^--backend\b/.test(word))

await runScript(async () => {
  const { chromium } = await setUp({
    chromium: needsTabs || benchInTabs,
    build: needsTabs || (command === 'serve' && !helpOnly),
    stream: process.stderr,
  })
  if (chromium) process.env.TABSWARM_CHROMIUM = chromium
  await runLab(process.argv.slice(2))
})
