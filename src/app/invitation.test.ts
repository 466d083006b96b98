import { expect, it } from 'vitest'
import { invitationTo } from './invitation.ts'

const query = '?steps=50#room=class-7'

it('invites to the page itself, unless only this computer can reach it', () => {
  expect(invitationTo(new URL(`https://lab.example/x/${query}`), undefined)).toMatchObject({ secure: true })
  expect(invitationTo(new URL(`http://192.168.1.5:5173/${query}`), undefined)).toMatchObject({ secure: false })
  for (const host of ['localhost:5173', 'lab.localhost', '127.0.0.1:1', '127.3.2.1', '[::1]:5173'])
    expect(invitationTo(new URL(`http://${host}/`), undefined), host).toBeNull()
})

it('invites to the address that the server says, with this room and configuration', () => {
  const invitation = invitationTo(new URL(`http://localhost:5173/${query}`), 'https://192.168.1.5:5173/')
  expect(invitation?.url.href).toBe(`https://192.168.1.5:5173/${query}`)
  expect(invitation?.secure).toBe(true)
})
