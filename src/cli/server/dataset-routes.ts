import express, { type Request, type Response, Router } from 'express'
import type { DatasetBoard } from './dataset-board.ts'

const EVENT_INTERVAL_MS = 250
const LOOK_INTERVAL_MS = 5_000

/**
 * `GET /api/datasets` (DatasetStatuses), `GET /api/datasets/events` (the same as server-sent events, at once and at each change)
 * and `/datasets/<name>/<file>` with HTTP ranges.
 */
export function datasetRoutes(root: string, board: DatasetBoard): Router {
  const router = Router()
  router.get('/api/datasets', async (_request, response) => {
    response.set('Cache-Control', 'no-store').json(await board.statuses())
  })
  router.get('/api/datasets/events', (request, response) => streamEvents(board, request, response))
  // no-store: the browser's cache would let one tab at a time read a file.
  router.use(
    '/datasets',
    express.static(root, {
      index: false,
      dotfiles: 'ignore',
      redirect: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-store'),
    }),
  )
  router.use(['/datasets', '/api'], (request, response) => {
    response
      .status(404)
      .set('Cache-Control', 'no-store')
      .json({ error: `${request.originalUrl} is not there`, hint: 'GET /api/datasets lists what is' })
  })
  return router
}

function streamEvents(board: DatasetBoard, request: Request, response: Response): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    Connection: 'keep-alive',
    'X-Accel-Buffering': 'no',
  })
  let last = ''
  let waiting: NodeJS.Timeout | undefined
  const send = async () => {
    waiting = undefined
    const data = JSON.stringify(await board.statuses())
    if (data === last || response.writableEnded) return
    last = data
    response.write(`data: ${data}\n\n`)
  }
  const soon = () => {
    waiting ??= setTimeout(() => void send(), EVENT_INTERVAL_MS)
  }
  board.on('change', soon)
  // Another process may prepare a data set; nobody tells us.
  const looking = setInterval(soon, LOOK_INTERVAL_MS)
  request.on('close', () => {
    board.off('change', soon)
    clearInterval(looking)
    clearTimeout(waiting)
  })
  void send()
}
