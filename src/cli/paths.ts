import { fileURLToPath } from 'node:url'

/** The checkout's root folder, whatever the working directory is. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url))
/** What `npm run lab` runs. */
export const labScript = fileURLToPath(new URL('../../scripts/lab.mjs', import.meta.url))
/** Prepared data sets, one folder each. */
export const datasetsFolder = fileURLToPath(new URL('../../public/datasets', import.meta.url))
/** The built lab. */
export const builtLabFolder = fileURLToPath(new URL('../../dist', import.meta.url))
/** Unfinished downloads, kept so that they can be resumed. */
export const downloadsFolder = fileURLToPath(new URL('../../.cache/downloads', import.meta.url))
/** Key and certificate of the lab on the local network. */
export const lanCertificateFile = fileURLToPath(new URL('../../.cache/lan-certificate.pem', import.meta.url))
