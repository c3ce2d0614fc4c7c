// Live tensors and torch's seed are counted per process, so tests of this assembly run one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
