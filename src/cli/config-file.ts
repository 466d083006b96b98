import { readFile } from 'node:fs/promises'
import { ConfigError, type Draft, draftOf, parseRunConfig } from '../engine/index.ts'

/**
 * The configuration in a file, such as the `config.json` of an earlier run, as a draft for flags to change.
 * @throws ConfigError naming the file, the field, its value and what is allowed
 */
export async function readConfigFile(file: string): Promise<Draft> {
  try {
    return draftOf(parseRunConfig(JSON.parse(await readFile(file, 'utf8'))))
  } catch (error) {
    if (error instanceof ConfigError)
      throw new ConfigError(error.issues.map(({ field, message }) => ({ field: `${file}: ${field}`, message })))
    const reason = error instanceof SyntaxError ? `is no JSON (${error.message})` : 'cannot be read'
    throw new ConfigError([{ field: '--config', message: `got "${file}", which ${reason}; allowed: the config.json of a run` }])
  }
}
