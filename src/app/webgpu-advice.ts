import type { BackendChoice } from '../engine/index.ts'

/** What decides whether a page has WebGPU. */
export interface GpuFacts {
  /** of this tab */
  backend: Pick<BackendChoice, 'name' | 'adapter' | 'hardware'>
  /** whether this page may use WebGPU at all: https, or localhost */
  secure: boolean
  /** whether this browser has WebGPU: navigator.gpu is there */
  offered: boolean
  userAgent: string
}

/** Which case it is, and what to switch on, a sentence each. */
export interface GpuAdvice {
  offers: string
  steps: string[]
  /** an https address of the same lab would do */
  needsHttps: boolean
}

/** What keeps a tab from training on the GPU, and what may help; null where it does, or where the CPU was chosen. */
export function webGpuAdvice({ backend, secure, offered, userAgent }: GpuFacts): GpuAdvice | null {
  if (backend.hardware) return null
  if (!secure)
    return {
      offers: 'This page came by plain http, and browsers give WebGPU only to https pages and localhost.',
      steps: [],
      needsHttps: true,
    }
  if (!offered) return { offers: 'This browser offers this page no WebGPU.', steps: switchOn(userAgent), needsHttps: false }
  const offers = backend.adapter
    ? `This browser offers WebGPU in software only (${backend.adapter.replace(/ \(software\)$/, '')}), which is slower than the CPU engine.`
    : 'This browser has WebGPU, but found no graphics adapter for it.'
  return { offers, steps: findAdapter(userAgent), needsHttps: false }
}

function switchOn(userAgent: string): string[] {
  if (isFirefox(userAgent))
    return [
      'Update Firefox: 141 and later have WebGPU on Windows, 145 and later on Macs with Apple chips.',
      'Elsewhere: about:config, dom.webgpu.enabled.',
    ]
  if (isSafari(userAgent))
    return [
      'Update to Safari 26 (macOS 26, iOS 26), where WebGPU is on.',
      'Before that: Feature Flags, WebGPU (on a Mac in the Develop menu, on iOS in Settings, Apps, Safari, Advanced).',
    ]
  if (isLinux(userAgent))
    return ['Update Chrome or Edge; on Linux switch on chrome://flags/#enable-unsafe-webgpu and #enable-vulkan, then restart it.']
  return ['Update this browser: Chrome and Edge have WebGPU since 113, on Android since 121.']
}

function findAdapter(userAgent: string): string[] {
  if (isFirefox(userAgent))
    return ['Settings, Performance: use hardware acceleration. about:support, under Graphics, says what is missing.']
  if (isSafari(userAgent)) return ['Switch off Lockdown Mode for this site, and restart the browser.']
  const steps = ['Settings, System: use graphics acceleration when available. chrome://gpu says what is missing.']
  return isLinux(userAgent)
    ? [...steps, 'On Linux also chrome://flags/#enable-unsafe-webgpu and #enable-vulkan, with a Vulkan driver.']
    : steps
}

const isFirefox = (userAgent: string) => /Firefox\/|FxiOS\//.test(userAgent) && !isAppleMobile(userAgent)
/** All browsers of iPhones and iPads are Safari underneath. */
const isSafari = (userAgent: string) =>
  isAppleMobile(userAgent) || (/Safari\//.test(userAgent) && !/Chrom(e|ium)\/|Edg\/|Android/.test(userAgent))
const isAppleMobile = (userAgent: string) => /iPhone|iPad|iPod/.test(userAgent)
const isLinux = (userAgent: string) => /Linux|X11/.test(userAgent) && !/Android|CrOS/.test(userAgent)
