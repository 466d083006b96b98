import { expect, it } from 'vitest'
import { type GpuFacts, webGpuAdvice } from './webgpu-advice.ts'

const browsers = {
  chromeLinux: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  chromeWindows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  safari: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  chromeOnIphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1',
}
const without: GpuFacts = {
  backend: { name: 'simd', adapter: null, hardware: false },
  secure: true,
  offered: false,
  userAgent: browsers.chromeWindows,
}
const steps = (facts: Partial<GpuFacts>) => webGpuAdvice({ ...without, ...facts })?.steps.join(' ')

it('has nothing to say where there is a GPU', () => {
  expect(webGpuAdvice({ ...without, backend: { name: 'wgsl', adapter: 'nvidia', hardware: true }, offered: true })).toBeNull()
})

it('asks for https first: without it no browser has WebGPU', () => {
  expect(webGpuAdvice({ ...without, secure: false })).toMatchObject({ needsHttps: true, steps: [] })
  expect(webGpuAdvice(without)?.needsHttps).toBe(false)
})

it('says what to switch on, by browser', () => {
  expect(steps({})).toMatch(/Update this browser/)
  expect(steps({ userAgent: browsers.chromeLinux })).toMatch(/enable-vulkan/)
  expect(steps({ userAgent: browsers.firefox })).toMatch(/dom\.webgpu\.enabled/)
  expect(steps({ userAgent: browsers.safari })).toMatch(/Safari 26/)
  expect(steps({ userAgent: browsers.chromeOnIphone })).toMatch(/Safari 26/)
})

it('says what a browser with WebGPU but without a graphics adapter lacks', () => {
  expect(webGpuAdvice({ ...without, offered: true })?.offers).toMatch(/found no graphics adapter/)
  const software = { name: 'simd', adapter: 'google swiftshader (software)', hardware: false } as const
  expect(webGpuAdvice({ ...without, offered: true, backend: software })?.offers).toMatch(/software only \(google swiftshader\)/)
  expect(steps({ offered: true })).toMatch(/graphics acceleration/)
  expect(steps({ offered: true, userAgent: browsers.firefox })).toMatch(/about:support/)
})
