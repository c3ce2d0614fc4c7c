namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the generators of all devices and returns the CPU's.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.ManualSeed(seed));
        return Generator.Default;
    }

    /// <summary>The state of the default generator.</summary>
    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    /// <summary>Sets the state of the default generator.</summary>
    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    /// <summary>The random numbers of the default generator.</summary>
    public static partial class random
    {
        /// <summary>Seeds the generators of all devices.</summary>
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        /// <summary>The state of the default generator.</summary>
        public static Tensor get_rng_state() => torch.get_rng_state();

        /// <summary>Sets the state of the default generator.</summary>
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
