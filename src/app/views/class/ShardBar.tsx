import { texts } from '../../texts/index.ts'
import { mostOf } from './tiles.ts'

const NAMED = 5
const HEIGHT = 20

interface Props {
  name: string
  /** pictures by class */
  shard: number[]
  /** of any class at any worker: the full height */
  most: number
  classNames: string[]
  color: string
}

/** A column for each class, in the same place on every tile, as high as the worker has pictures of it. */
export function ShardBar({ name, shard, most, classNames, color }: Props) {
  const label = texts.class.shard(name, mostOf(shard, classNames, NAMED))
  const width = 100 / shard.length
  return (
    <svg className="shard-bar" viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      {shard.map((pictures, label) => {
        const height = (HEIGHT * pictures) / most
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the class
        return <rect key={label} x={label * width} y={HEIGHT - height} width={0.8 * width} height={height} style={{ fill: color }} />
      })}
    </svg>
  )
}
