import { Command } from 'commander'
import { algorithmsCommand } from './commands/algorithms.ts'
import { benchCommand } from './commands/bench.ts'
import { datasetsCommand } from './commands/datasets.ts'
import { quadraticCommand } from './commands/quadratic.ts'
import { runCommand } from './commands/run.ts'
import { serveCommand } from './commands/serve.ts'
import { simulateCommand } from './commands/simulate.ts'
import { verifyCommand } from './commands/verify.ts'
import { Interrupted } from './interrupt.ts'

const program = new Command('lab')
  .description('Tabswarm: a federated training lab in browser tabs')
  .showHelpAfterError('(--help says more)')
program.addCommand(serveCommand())
program.addCommand(runCommand())
program.addCommand(simulateCommand())
program.addCommand(verifyCommand())
program.addCommand(quadraticCommand())
program.addCommand(algorithmsCommand())
program.addCommand(benchCommand())
program.addCommand(datasetsCommand())

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 130
  } else if (error instanceof Error && 'kind' in error) {
    // Errors with a kind are the user's to mend, and say how; any other is a fault of the lab.
    process.stderr.write(`lab: ${error.message}\n`)
    process.exitCode = 1
  } else throw error
}

// PeerServer keeps timers that cannot be stopped, so commands that started one would never end by themselves.
process.stdout.write('', () => process.exit())
