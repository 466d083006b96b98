import { expect, it } from 'vitest'
import { EXPECTED_DIGEST, partitionsDigest } from './partition-digest.fixture.ts'

it('a browser deals the same shards as Node', () => expect(partitionsDigest()).toBe(EXPECTED_DIGEST))
