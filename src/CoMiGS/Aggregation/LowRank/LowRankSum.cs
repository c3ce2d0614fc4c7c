using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace CoMiGS.Aggregation.LowRank;

/// <summary>
/// The best approximation of a sum of low-rank updates by one of a given rank (Eckart and Young 1936), without ever forming the d_out x d_in matrix
/// while the ranks together are smaller: with <c>[w_1 B_1 .. w_n B_n] = Q_B R_B</c> and <c>[A_1; ..; A_n]^T = Q_A R_A</c> the sum is
/// <c>Q_B (R_B R_A^T) Q_A^T</c>, and the small core has its singular values.
/// </summary>
internal static class LowRankSum
{
    /// <summary>Factors of the best approximation of <c>sum w B A</c>: A has orthonormal rows, B their images, the largest singular value first.</summary>
    /// <param name="terms">At least one; each with its weight.</param>
    /// <param name="rank">The rank of the result; rows beyond what a matrix of this size can have are left out.</param>
    public static Factors Best(IReadOnlyList<(double Weight, Factors Factors)> terms, int rank)
    {
        var b = Stack(terms.Select(term => term.Factors.B * term.Weight)); // (out, n)
        var a = Stack(terms.Select(term => term.Factors.A.Transpose())); // (in, n)
        var (left, rightOfB) = Reduce(b);
        var (right, rightOfA) = Reduce(a);
        var core = rightOfB * rightOfA.Transpose();
        var svd = core.Svd();
        var kept = Math.Min(rank, svd.S.Count);
        var u = svd.U.SubMatrix(0, svd.U.RowCount, 0, kept);
        var v = svd.VT.SubMatrix(0, kept, 0, svd.VT.ColumnCount).Transpose();
        var (bases, images) = (right is null ? v : right * v, left is null ? u : left * u); // (in, kept), (out, kept)
        return Signed(bases, images, svd.S);
    }

    /// <summary>Q and R where the matrix is taller than wide; the matrix itself where it is not.</summary>
    private static (Matrix<double>? Q, Matrix<double> R) Reduce(Matrix<double> matrix)
    {
        if (matrix.RowCount <= matrix.ColumnCount)
        {
            return (null, matrix);
        }

        var qr = matrix.QR(QRMethod.Thin);
        return (qr.Q, qr.R);
    }

    /// <summary>A singular vector has no sign of its own: the largest entry of every row of A becomes positive, so that equal updates give equal factors everywhere.</summary>
    private static Factors Signed(Matrix<double> bases, Matrix<double> images, Vector<double> singularValues)
    {
        var (a, b) = (new DenseMatrix(bases.ColumnCount, bases.RowCount), new DenseMatrix(images.RowCount, images.ColumnCount));
        for (var j = 0; j < bases.ColumnCount; j++)
        {
            var column = bases.Column(j);
            var sign = column[column.AbsoluteMaximumIndex()] < 0 ? -1.0 : 1.0;
            a.SetRow(j, column * sign);
            b.SetColumn(j, images.Column(j) * (sign * singularValues[j]));
        }

        return new(a, b);
    }

    private static DenseMatrix Stack(IEnumerable<Matrix<double>> parts)
    {
        var all = parts.ToList();
        var stacked = new DenseMatrix(all[0].RowCount, all.Sum(part => part.ColumnCount));
        var at = 0;
        foreach (var part in all)
        {
            stacked.SetSubMatrix(0, at, part);
            at += part.ColumnCount;
        }

        return stacked;
    }
}
