/** What of an official CIFAR archive must be known to check and convert it. Numbers from https://www.cs.toronto.edu/~kriz/cifar.html */
export interface CifarFormat {
  name: CifarName
  title: string
  classNames: string[]
  mean: [number, number, number]
  std: [number, number, number]
  /** label bytes before the 3,072 pixel bytes of a record, and which of them is the class */
  labelBytes: 1 | 2
  labelOffset: 0 | 1
  /** largest allowed value of each label byte, plus one */
  labelLimits: number[]
  trainFiles: string[]
  testFile: string
  recordsPerTrainFile: number
  testRecords: number
  /** folder inside the official archive; its name plus `-part` means a part of the data */
  folder: string
  archive: { fileName: string; url: string; sha256: string; bytes: number }
}

export type CifarName = 'cifar10' | 'cifar100'
export const cifarNames = ['cifar10', 'cifar100'] as const satisfies readonly CifarName[]

const cifar100ClassNames = `
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
  caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
  forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple motorcycle
  mountain mouse mushroom oak orange orchid otter palm pear pickup_truck pine plain plate poppy porcupine possum rabbit
  raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower
  sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow wolf woman
  worm
`

export const cifarFormats: Record<CifarName, CifarFormat> = {
  cifar10: {
    name: 'cifar10',
    title: 'CIFAR-10',
    classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
    labelBytes: 1,
    labelOffset: 0,
    labelLimits: [10],
    trainFiles: [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`),
    testFile: 'test_batch.bin',
    recordsPerTrainFile: 10_000,
    testRecords: 10_000,
    folder: 'cifar-10-batches-bin',
    archive: {
      fileName: 'cifar-10-binary.tar.gz',
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      bytes: 170_052_171,
    },
  },
  cifar100: {
    name: 'cifar100',
    title: 'CIFAR-100',
    classNames: cifar100ClassNames.trim().split(/\s+/),
    mean: [0.5071, 0.4867, 0.4408],
    std: [0.2675, 0.2565, 0.2761],
    labelBytes: 2,
    labelOffset: 1,
    labelLimits: [20, 100],
    trainFiles: ['train.bin'],
    testFile: 'test.bin',
    recordsPerTrainFile: 50_000,
    testRecords: 10_000,
    folder: 'cifar-100-binary',
    archive: {
      fileName: 'cifar-100-binary.tar.gz',
      url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      bytes: 168_513_733,
    },
  },
}

export const isCifarName = (name: string): name is CifarName => (cifarNames as readonly string[]).includes(name)

/** Which data set an official archive holds, told by its exact size or else by its name. */
export function cifarFormatOfArchive(fileName: string, bytes: number): CifarFormat | undefined {
  const formats = Object.values(cifarFormats)
  return formats.find(({ archive }) => archive.bytes === bytes) ?? formats.find(({ name, folder }) => nameMatches(fileName, name, folder))
}

function nameMatches(fileName: string, name: CifarName, folder: string): boolean {
  const plain = fileName.toLowerCase()
  const digits = name === 'cifar100' ? /cifar-?100(?!\d)/ : /cifar-?10(?!\d)/
  return plain.includes(folder) || digits.test(plain)
}
