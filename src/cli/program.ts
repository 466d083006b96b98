import { Command } from 'commander'
import { algorithmsCommand } from './commands/algorithms.ts'
import { benchCommand } from './commands/bench.ts'
import { completionCommand } from './commands/completion.ts'
import { datasetsCommand } from './commands/datasets.ts'
import { quadraticCommand } from './commands/quadratic.ts'
import { runCommand } from './commands/run.ts'
import { serveCommand } from './commands/serve.ts'
import { simulateCommand } from './commands/simulate.ts'
import { verifyCommand } from './commands/verify.ts'
import { styled } from './help-style.ts'

/** The whole command line. */
export function labProgram(): Command {
  const program = new Command('lab')
    .description('Tabswarm: a federated training lab in browser tabs')
    .addCommand(serveCommand())
    .addCommand(runCommand())
    .addCommand(simulateCommand())
    .addCommand(verifyCommand())
    .addCommand(quadraticCommand())
    .addCommand(algorithmsCommand())
    .addCommand(benchCommand())
    .addCommand(datasetsCommand())
    .addCommand(completionCommand())
  return styled(program)
}
