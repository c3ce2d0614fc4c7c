// Tests count live tensors and set the seed and the number of threads of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
