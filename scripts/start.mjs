// `npm start`: set-up, then `lab serve` with the same flags.
import { runLab } from './run-lab.mjs'
import { runScript, setUp } from './setup.mjs'

await runScript(async () => {
  await setUp()
  await runLab(['serve', ...process.argv.slice(2)])
})
