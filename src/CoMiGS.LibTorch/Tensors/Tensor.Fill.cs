namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Sets every element to a value.</summary>
        public Tensor fill_(Scalar value) => InPlace("fill_.Scalar", this, value);

        /// <summary>Sets every element to zero.</summary>
        public Tensor zero_() => InPlace("zero_", this);

        /// <summary>Copies the elements of another tensor, converted and expanded as needed.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace("copy_", this, source, nonBlocking);

        /// <summary>Makes this tensor use the storage of another.</summary>
        public Tensor set_(Tensor source) => InPlace("set_.source_Tensor", this, source);

        /// <summary>Draws every element uniformly from [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) => InPlace("uniform_", this, from, to, generator);

        /// <summary>Draws every element from a normal distribution.</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            InPlace("normal_", this, mean, std, generator);

        /// <summary>Draws whole numbers from [from, to).</summary>
        public Tensor random_(double from, double to, Generator? generator = null) =>
            InPlace("random_.from", this, (long)from, (long)to, generator);

        /// <summary>Draws ones with probability p, else zeros.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => InPlace("bernoulli_.float", this, p, generator);

        /// <summary>Draws ones with the probabilities of a tensor, else zeros.</summary>
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => InPlace("bernoulli_.Tensor", this, p, generator);

        /// <summary>Draws ones with the probabilities in this tensor, else zeros.</summary>
        public Tensor bernoulli(Generator? generator = null) => Call("bernoulli", this, generator);

        /// <summary>Draws indices with the probabilities in the rows of this tensor.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Call("multinomial", this, num_samples, replacement, generator);
    }
}
