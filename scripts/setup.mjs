// Set-up shared by `npm start`, `npm test` and `npm run lab`. Idempotent; Node builtins only, because a fresh clone has nothing else.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'

export const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const inProject = (...names) => path.join(projectFolder, ...names)
const OLDEST_NODE = [20, 19]

/** Something the user can mend; shown without a stack trace. */
export class SetupError extends Error {
  kind = 'set-up'
}

/**
 * Makes ready what is named.
 * @param {{ packages?: boolean, chromium?: boolean, build?: boolean, stream?: NodeJS.WriteStream }} wanted
 * @returns {Promise<{ chromium: string | null }>}
 */
export async function setUp({ packages = true, chromium = false, build = false, stream = process.stdout } = {}) {
  const say = (line) => stream.write(`set-up: ${line}\n`)
  checkNode()
  if (packages) {
    await installPackages(say)
    await compileKernels(say)
  }
  const executable = chromium ? findBrowser(say) : null
  if (build) await buildLab(say)
  return { chromium: executable }
}

/** Runs `main`, ending with a plain message for whatever the user can mend. */
export async function runScript(main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new SetupError(
    `Tabswarm needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${process.versions.node}. Get it from https://nodejs.org.`,
  )
}

async function installPackages(say) {
  const lock = readFileSync(inProject('package-lock.json'))
  const wanted = sha256(lock)
  const stamp = inProject('node_modules', '.tabswarm-setup')
  if (readOr(stamp, '') === wanted) return
  if (!installedMatches(JSON.parse(lock.toString()))) {
    say('installing packages: npm ci')
    const took = await timed(() =>
      run(
        'npm',
        ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'],
        'The packages could not be installed; is the network there?',
      ),
    )
    say(`packages installed, ${took}`)
  }
  writeFileSync(stamp, wanted)
}

/** Whether node_modules already holds what the lock file says, as after a plain `npm install`. */
function installedMatches(lock) {
  const hidden = readOr(inProject('node_modules', '.package-lock.json'), null)
  if (hidden === null) return false
  const { packages } = JSON.parse(hidden)
  return Object.entries(lock.packages).every(
    ([place, { version, optional }]) => place === '' || (packages[place] ? packages[place].version === version : optional),
  )
}

/** The kernels of the simd backend, from AssemblyScript to WebAssembly. */
async function compileKernels(say) {
  const folder = inProject('src/engine/backends/simd')
  const sources = filesIn(path.join(folder, 'assembly'))
  const wanted = hashOf([...sources, inProject('node_modules/assemblyscript/package.json')])
  const built = path.join(folder, 'build')
  const stamp = path.join(built, '.tabswarm-build')
  if (readOr(stamp, '') === wanted) return
  say('compiling the kernels')
  mkdirSync(built, { recursive: true })
  // Compiled aside and renamed, so that an interrupted build is never loaded.
  const aside = path.join(built, `kernels-${process.pid}.wasm`)
  const flags = ['-O3', '--noAssert', '--runtime', 'minimal', '--enable', 'simd', '--disableWarning', '112']
  const took = await timed(() =>
    run(
      process.execPath,
      [inProject('node_modules/assemblyscript/bin/asc.js'), path.join(folder, 'assembly/index.ts'), ...flags, '--outFile', aside],
      'The kernels could not be compiled.',
    ),
  )
  renameSync(aside, path.join(built, 'kernels.wasm'))
  writeFileSync(stamp, wanted)
  say(`kernels compiled, ${took}`)
}

function findBrowser(say) {
  const startedAt = performance.now()
  try {
    const executable = ensureChromium(say)
    if (performance.now() - startedAt > 1_000) say(`Chromium is ${executable}, ${seconds(startedAt)}`)
    return executable
  } catch (error) {
    throw new SetupError(error.message)
  }
}

async function buildLab(say) {
  const wanted = sourcesHash()
  const stampOf = (folder) => path.join(folder, '.tabswarm-build')
  const built = inProject('dist')
  if (readOr(stampOf(built), '') === wanted) return
  say('building the lab: vite build')
  // Built aside and renamed, so that an interrupted build is never served.
  const aside = inProject('.cache', `build-${process.pid}`)
  try {
    const took = await timed(() =>
      run(
        process.execPath,
        [inProject('node_modules/vite/bin/vite.js'), 'build', '--outDir', aside, '--emptyOutDir', '--logLevel', 'warn'],
        'The lab could not be built.',
      ),
    )
    mkdirSync(aside, { recursive: true })
    writeFileSync(stampOf(aside), wanted)
    rmSync(built, { recursive: true, force: true })
    renameSync(aside, built)
    say(`lab built, ${took}`)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Hash of all that the built lab is made of. */
function sourcesHash() {
  const ours = filesIn(inProject('src')).filter((file) => !/\.test\.tsx?$/.test(file) && !file.startsWith(inProject('src', 'cli')))
  const others = ['index.html', 'quadratic.html', 'verify.html', 'vite.config.ts', 'package-lock.json']
  return hashOf([...ours, ...others.map((file) => inProject(file))])
}

/** Sorted. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

/** Of names and contents. */
function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    hash.update(`${path.relative(projectFolder, file)}\0`)
    hash.update(readFileSync(file))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** Runs a command; its output goes to the error stream, so that the caller's own output stays clean. */
function run(command, args, failure) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectFolder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && command === 'npm',
    })
    child.on('error', (error) => reject(new SetupError(`${failure} (${command}: ${error.message})`)))
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new SetupError(`${failure} (${command} ended with ${signal ?? code})`)),
    )
  })
}

async function timed(action) {
  const startedAt = performance.now()
  await action()
  return seconds(startedAt)
}

export const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}
