import { workerData } from 'node:worker_threads'
import { serveThread } from '../../cluster/index.ts'
import { openFileDataset } from '../datasets/index.ts'
import { datasetsFolder } from '../paths.ts'

/** A thread's program: computes a share of a simulation's workers. Data sets are prepared before it is started. */
serveThread(workerData, (name) => openFileDataset(datasetsFolder, name))
