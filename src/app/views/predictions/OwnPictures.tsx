import { formatCount } from '../../format.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { Picture } from '../../widgets/Picture.tsx'
import { picturesOf } from './pictures-of.ts'

const { predictions: words } = texts

interface Props {
  pictures: { images: Uint8Array; labels: Uint8Array }
  classes: string[]
  name: string
  /** how many pictures of each class the worker has */
  shard: number[] | undefined
}

/** A few of the pictures that a worker trains on. */
export function OwnPictures({ pictures, classes, name, shard }: Props) {
  const total = shard?.reduce((sum, count) => sum + count, 0)
  return (
    <Card
      title={words.own(name)}
      unit={total === undefined ? undefined : words.ownUnit(pictures.labels.length, formatCount(total))}
      help={words.ownHelp}
    >
      <ul className="own-pictures">
        {picturesOf(pictures).map(({ key, bytes, label }) => (
          <li key={key}>
            <Picture bytes={bytes} label={words.picture(classes[label])} />
            <span className="class-name">{classes[label]}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
