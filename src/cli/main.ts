import { Interrupted } from './interrupt.ts'
import { labProgram } from './program.ts'

/** As of a process that SIGPIPE ends. */
const CLOSED_PIPE = 141

// Nobody reads on, as after `| head -1`.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(CLOSED_PIPE)
  })

try {
  await labProgram().parseAsync()
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 130
  } else if (error instanceof Error && 'kind' in error) {
    // Errors with a kind are the user's to mend, and say how; any other is a fault of the lab.
    for (const line of error.message.split('\n')) process.stderr.write(`lab: ${line}\n`)
    process.exitCode = 1
  } else throw error
}

// PeerServer keeps timers that cannot be stopped, so commands that started one would never end by themselves.
process.stdout.write('', () => process.exit())
