// The models share torch's default type and threads, so the cases run one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
