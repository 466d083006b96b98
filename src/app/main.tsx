import '@mantine/core/styles.css'
import './styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { automationOf } from './session/automation.ts'
import { startSession } from './session/session.ts'

const { actions, coordinator } = startSession()
window.lab = automationOf(actions, coordinator)

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no element #app')
createRoot(root).render(
  <StrictMode>
    <App actions={actions} />
  </StrictMode>,
)
