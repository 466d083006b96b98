import '@mantine/core/styles.css'
import './styles.css'
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { automationOf } from './session/automation.ts'
import { startSession } from './session/session.ts'

const session = await startSession()
window.lab = automationOf(session)

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no element #app')
// In slices: the room is being joined meanwhile.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <App actions={session.actions} />
    </StrictMode>,
  ),
)
