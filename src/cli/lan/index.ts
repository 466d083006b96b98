export { lanAddresses } from './addresses.ts'
export { announcement } from './announcement.ts'
export { type Certificate, lanCertificate } from './certificate.ts'
export { type Lan, LanError, openLan } from './lan.ts'
