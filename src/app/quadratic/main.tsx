import '@mantine/core/styles.css'
import '../styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QuadraticApp } from './QuadraticApp.tsx'

const root = document.getElementById('app')
if (!root) throw new Error('quadratic.html has no element #app')
createRoot(root).render(
  <StrictMode>
    <QuadraticApp />
  </StrictMode>,
)
