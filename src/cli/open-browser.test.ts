import { expect, it } from 'vitest'
import { browserCommand } from './open-browser.ts'

it('opens a browser only where somebody looks', () => {
  expect(browserCommand('linux', { DISPLAY: ':0' })).toEqual(['xdg-open'])
  expect(browserCommand('linux', {})).toBeNull()
  expect(browserCommand('darwin', {})).toEqual(['open'])
  expect(browserCommand('win32', {})?.[0]).toBe('cmd')
  expect(browserCommand('darwin', { CI: '1' })).toBeNull()
})
