// `npm run -s lab -- ...`: the packages, then the command, which makes ready what else it needs. Set-up talks on the error stream.
import { runLab } from './run-lab.mjs'
import { runScript, setUp } from './setup.mjs'

await runScript(async () => {
  await setUp({ stream: process.stderr })
  await runLab(process.argv.slice(2))
})
