import type { Server } from 'node:http'
import path from 'node:path'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { type LabSettings, SETTINGS_FILE } from '../../p2p/index.ts'
import { DatasetBoard } from './dataset-board.ts'
import { datasetRoutes } from './dataset-routes.ts'
import { mountPeerServer } from './peer-server.ts'

export interface LabApp {
  app: Express
  board: DatasetBoard
  close(): Promise<void>
}

export interface LabAppOptions {
  /** folder of prepared data sets */
  datasets: string
  /** folder of the built lab; null where Vite serves the pages */
  built: string | null
  /** what the pages are told */
  settings?: () => LabSettings
}

/** Everything the lab serves, on one HTTP server: signalling, data sets and their state, the built pages. */
export function createLabApp(server: Server, { datasets, built, settings = () => ({}) }: LabAppOptions): LabApp {
  const app = express()
  app.disable('x-powered-by')
  const board = new DatasetBoard(datasets)
  const closePeerServer = mountPeerServer(app, server)
  // Instead of the file that is built for static hosts.
  app.get(`/${SETTINGS_FILE}`, (_request, response) => void response.set('Cache-Control', 'no-store').json(settings()))
  app.use(datasetRoutes(datasets, board))
  if (built !== null) {
    // Names of assets carry a hash of their content; the page itself must always be asked for.
    app.use('/assets', express.static(path.join(built, 'assets'), { immutable: true, maxAge: '1y' }))
    app.use(express.static(built, { setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache') }))
    app.use((request, response) => void response.status(404).type('text').send(`${request.path} is not there\n`))
  }
  app.use(answerError)
  return {
    app,
    board,
    close() {
      closePeerServer()
      return board.close()
    },
  }
}

const answerError: ErrorRequestHandler = (
  error: Error & { status?: number; headers?: Record<string, string> },
  _request,
  response,
  next,
) => {
  if (response.headersSent) return next(error)
  response
    .status(error.status ?? 500)
    .set(error.headers ?? {})
    .json({ error: error.message })
}
