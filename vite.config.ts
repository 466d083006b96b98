import type { Server } from 'node:http'
import react from '@vitejs/plugin-react'
import { tsImport } from 'tsx/esm/api'
import { defineConfig, type Plugin } from 'vite'

/** `npm run dev`: signalling and data sets beside Vite's own pages and socket, on the same port. */
function labServer(): Plugin {
  return {
    name: 'tabswarm-lab-server',
    apply: 'serve',
    async configureServer({ httpServer, middlewares }) {
      // Vitest uses the dev server without an HTTP server of its own.
      if (!httpServer) return
      // Loaded only here: Vite would bundle the whole engine into its configuration.
      const { createLabApp, datasetsFolder }: typeof import('./src/cli/server/index.ts') = await tsImport(
        './src/cli/server/index.ts',
        import.meta.url,
      )
      const lab = createLabApp(httpServer as Server, { datasets: datasetsFolder, built: null })
      httpServer.on('close', () => void lab.close())
      middlewares.use(lab.app)
    },
  }
}

/** For static hosts, which have no PeerServer: the public one of PeerJS. Edit it beside index.html; `npm start` answers with its own. */
const staticHostSettings = { peer: '0.peerjs.com:443/', secure: true, ice: ['stun:stun.l.google.com:19302'] }

function settingsFile(): Plugin {
  return {
    name: 'tabswarm-settings-file',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'tabswarm.json', source: `${JSON.stringify(staticHostSettings, null, 2)}\n` })
    },
  }
}

/**
 * WebKit evaluates a worker's entry again when a chunk imports from it: the second copy then takes the messages, and knows of nothing that
 * the first was told. So what workers share with their chunks is a chunk of its own, and a build in which it is not fails.
 */
const sharedInWorkers = { name: 'shared', test: /\/src\/(cluster|engine|p2p)\/index\.ts$/ }

function unsharedEntries(): Plugin {
  return {
    name: 'tabswarm-unshared-worker-entries',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      for (const { fileName, imports, dynamicImports } of chunks)
        for (const entry of chunks)
          if (entry.isEntry && [...imports, ...dynamicImports].includes(entry.fileName))
            this.error(`${fileName} imports from the worker's entry ${entry.fileName}, which WebKit would evaluate twice`)
    },
  }
}

/** What only the training worker imports. */
export const workerPackages = [
  '@noble/hashes/sha2.js',
  '@noble/hashes/utils.js',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  'd3-random',
  'ml-matrix',
  'nanotar',
  'pure-rand/distribution/uniformFloat64',
  'pure-rand/distribution/uniformInt',
  'pure-rand/generator/xoroshiro128plus',
]

export default defineConfig({
  plugins: [react(), labServer(), settingsFile()],
  // Prepared data sets (hundreds of megabytes) are served as they are, never copied into the build.
  publicDir: false,
  // The lab also works below a path, as on a static host.
  base: './',
  worker: {
    format: 'es',
    plugins: () => [unsharedEntries()],
    rolldownOptions: { output: { codeSplitting: { groups: [sharedInWorkers] } } },
  },
  build: {
    target: 'es2023',
    // the lab, the GMC paper's quadratic, and the page in which `lab verify` runs on a browser's backends
    rolldownOptions: { input: ['index.html', 'quadratic.html', 'verify.html'] },
    // tfjs, in the training worker only, is far above the usual limit.
    chunkSizeWarningLimit: 4_000,
  },
  optimizeDeps: {
    // Found only when the first worker starts, which would reload the page under the user's hands.
    include: workerPackages,
  },
})
