// Meters and activity sources are per process: what one test listens to, another must not speak into.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
