import type { Region } from '../../plan/index.ts'

/** Memory that a kernel reads or writes: a region of the plan, or a buffer that the whole plan shares. */
export type Place = Region | 'parameters' | 'gradient' | 'state' | 'labels' | 'pixels' | 'crops' | 'table' | 'partial' | 'coefficients'

export type ElementType = 'f32' | 'vec4f' | 'u32' | 'i32'

export interface Binding {
  at: Place
  as: ElementType
  writes?: true
}

/** One dispatch: a compute shader over `threads` invocations, its buffers, and its integers. */
export interface Kernel {
  name: string
  /** by the names that the body uses, in binding order */
  buffers: Record<string, Binding>
  /** by the names that the body uses, as `g.name` */
  integers: Record<string, number>
  threads: number
  /** WGSL statements; `i` is the invocation, 0 to threads - 1 */
  body: string
  /** floats wanted of the shared buffers that live only from one dispatch of an operation to the next */
  partial?: number
  coefficients?: number
  /** multiplications and additions, where it is a convolution or a matrix product; counted as if padding were there */
  flops?: number
}

export const WORKGROUP = 64
/** invocations in a row of workgroups: WebGPU allows 65,535 workgroups in a dimension */
const ROW = 32_768 * WORKGROUP

/** The whole shader. Kernels that differ only in integers share it. */
export function shaderOf({ buffers, integers, body }: Kernel): string {
  const fields = ['threads', ...Object.keys(integers)]
  const declarations = Object.entries(buffers).map(
    ([name, { as, writes }], index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${writes ? 'read_write' : 'read'}> ${name}: array<${as}>;`,
  )
  return `struct Integers { ${fields.map((field) => `${field}: i32`).join(', ')} }
@group(0) @binding(0) var<uniform> g: Integers;
${declarations.join('\n')}
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
let i = i32(id.x + id.y * ${ROW}u);
if (i >= g.threads) { return; }
${body}
}`
}

/** The uniform block of a kernel. */
export function integersOf({ threads, integers }: Kernel): Int32Array<ArrayBuffer> {
  return new Int32Array([threads, ...Object.values(integers)])
}

/** Workgroups in x and y. */
export function gridOf({ threads }: Kernel): [number, number] {
  const groups = Math.ceil(threads / WORKGROUP)
  return groups * WORKGROUP <= ROW ? [groups, 1] : [ROW / WORKGROUP, Math.ceil((groups * WORKGROUP) / ROW)]
}

/** Neighboring floats that are loaded together: 4 where every one of these counts divides by 4. */
export function widthFor(...counts: number[]): 1 | 4 {
  return counts.every((count) => count % 4 === 0) ? 4 : 1
}

export const typeOf = (width: 1 | 4): 'f32' | 'vec4f' => (width === 4 ? 'vec4f' : 'f32')

/** `count` lines, joined. */
export const lines = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n')

/** Component `index` of a value of that width. */
export const component = (value: string, width: 1 | 4, index: number): string => (width === 4 ? `${value}.${'xyzw'[index]}` : value)
