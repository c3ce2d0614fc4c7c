using CoMiGS.Parameters;
using CoMiGS.Transport;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CoMiGS.Aggregation.LowRank;

/// <summary>The two factors of a low-rank update in double precision: A (r, in) and B (out, r).</summary>
/// <param name="A">The down projection.</param>
/// <param name="B">The up projection.</param>
internal sealed record Factors(Matrix<double> A, Matrix<double> B)
{
    public int Rank => A.RowCount;

    /// <summary>The factors of a pair among tensors.</summary>
    /// <param name="tensors">Holds both.</param>
    /// <param name="pair">Their names.</param>
    /// <param name="scale">B is multiplied by it: with the pair's scale, B A is the effective update.</param>
    public static Factors Read(TensorSet tensors, AdapterPair pair, double scale) =>
        new(Read(tensors[pair.A]), Read(tensors[pair.B]) * scale);

    /// <summary>The effective update that a device sent for a pair: at the scale that the device itself names.</summary>
    /// <param name="update">The device and what it sent.</param>
    /// <param name="pair">The pair, by the name of its A.</param>
    public static Factors Effective(DeviceUpdate update, AdapterPair pair) =>
        Read(update.Update.Tensors, pair, update.Device.Adapters.First(own => own.A == pair.A).Scale);

    /// <summary>The first rows of A and columns of B. Beyond those that there are, A goes on as a fresh adapter does, and B with zeros.</summary>
    /// <param name="rank">How many.</param>
    /// <param name="nameOfA">The name from which a fresh A follows.</param>
    /// <param name="seed">The seed of the run.</param>
    public Factors OfRank(int rank, string nameOfA, long seed)
    {
        if (rank == Rank)
        {
            return this;
        }

        var (a, b) = (new DenseMatrix(rank, A.ColumnCount), new DenseMatrix(B.RowCount, rank));
        if (rank > Rank)
        {
            a.SetSubMatrix(0, 0, FreshA(nameOfA, rank, A.ColumnCount, seed));
        }

        var kept = Math.Min(rank, Rank);
        a.SetSubMatrix(0, kept, 0, A.ColumnCount, A);
        b.SetSubMatrix(0, B.RowCount, 0, kept, B);
        return new(a, b);
    }

    /// <summary>The tensors of a pair.</summary>
    /// <param name="pair">Their names.</param>
    /// <param name="scale">B is divided by it.</param>
    public IEnumerable<NamedTensor> Write(AdapterPair pair, double scale) => [Write(pair.A, A, 1), Write(pair.B, B, scale)];

    /// <summary>What a device draws for an A from the seed of the run: fewer rows are the first of more.</summary>
    public static Matrix<double> FreshA(string name, int rank, int inputs, long seed)
    {
        var values = ParameterInit.KaimingUniform(inputs).Draw((long)rank * inputs, new Seed(seed).For(name));
        return DenseMatrix.Create(rank, inputs, (i, j) => values[(i * inputs) + j]);
    }

    private static DenseMatrix Read(NamedTensor tensor)
    {
        var values = tensor.AsFloats().ToArray();
        var (rows, columns) = ((int)tensor.Spec.Shape[0], (int)tensor.Spec.Shape[1]);
        return DenseMatrix.Create(rows, columns, (i, j) => values[(i * columns) + j]);
    }

    private static NamedTensor Write(string name, Matrix<double> matrix, double divisor)
    {
        var values = new float[matrix.RowCount * matrix.ColumnCount];
        for (var i = 0; i < matrix.RowCount; i++)
        {
            for (var j = 0; j < matrix.ColumnCount; j++)
            {
                values[(i * matrix.ColumnCount) + j] = (float)(matrix[i, j] / divisor);
            }
        }

        return NamedTensor.FromFloats(name, [matrix.RowCount, matrix.ColumnCount], values);
    }
}
