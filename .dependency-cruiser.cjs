/** Four floors, arrows only downwards: `app` and `cli`, then `cluster`, then `p2p`, then `engine`. */
const tests = '[.]test[.]tsx?$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'engine-imports-nobody',
      severity: 'error',
      comment: 'The science knows nothing of the other floors.',
      from: { path: '^src/engine/' },
      to: { path: '^src/(p2p|cluster|app|cli)/' },
    },
    {
      name: 'p2p-stays-below',
      severity: 'error',
      from: { path: '^src/p2p/' },
      to: { path: '^src/(cluster|app|cli)/' },
    },
    {
      name: 'p2p-takes-only-types-of-engine',
      severity: 'error',
      from: { path: '^src/p2p/', pathNot: tests },
      to: { path: '^src/engine/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cluster-stays-below',
      severity: 'error',
      from: { path: '^src/cluster/' },
      to: { path: '^src/(app|cli)/' },
    },
    {
      name: 'app-and-cli-apart',
      severity: 'error',
      from: { path: '^src/(app|cli)/' },
      to: { path: '^src/(app|cli)/', pathNot: '^src/$1/' },
    },
    {
      name: 'front-doors-only',
      severity: 'error',
      comment: 'A floor is entered through its index.ts, or that of one of its folders.',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '/index[.]ts$', '[.]fixture[.]ts$'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A module that nobody uses is dead code.',
      from: { orphan: true, pathNot: ['[.]d[.]m?ts$', tests, '^e2e/'] },
      to: {},
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'product-without-test-code',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: tests },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
