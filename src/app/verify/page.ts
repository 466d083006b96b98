import { type VerifyPort, verifyModelCase, verifyTrajectory } from '../../cluster/index.ts'
import { type Backend, chooseBackend, openBackend } from '../../engine/index.ts'

let backend: Backend | null = null

const verify: VerifyPort = {
  async open(name) {
    backend = await openBackend(await chooseBackend(name))
    return backend.choice.reason
  },

  async run(handed) {
    if (!backend) throw new Error('open a backend first')
    if (handed.kind === 'trajectory') return verifyTrajectory(handed.json, backend)
    const read = async (name: string) => {
      const response = await fetch(`${handed.folder}/${name}`)
      if (!response.ok) throw new Error(`${handed.folder}/${name}: ${response.status}`)
      return response
    }
    const json = async (name: string): Promise<unknown> => (await read(name)).json()
    const floats = async (name: string) => new Float32Array(await (await read(name)).arrayBuffer())
    const [manifest, logits] = await Promise.all([json('manifest.json'), json('logits.json')])
    const [weights, grads, images] = await Promise.all([floats('weights.bin'), floats('grads.bin'), floats('images.bin')])
    return verifyModelCase({ manifest, logits, weights, grads, images }, backend)
  },
}

Object.assign(globalThis, { verify })
