using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const int ShownElements = 1000;

        /// <summary>Shape, type and device, and the elements of a small tensor, a line per row.</summary>
        public override string ToString()
        {
            if (IsInvalid)
            {
                return "<disposed>";
            }

            var lengths = shape;
            var header = $"[{string.Join("x", lengths)}], type = {dtype}, device = {device}";
            if (numel() == 0 || numel() > ShownElements || is_meta)
            {
                return header;
            }

            using var values = detach().to(ScalarType.Float64, CPU, disposeAfter: true);
            var elements = values.data<double>().ToArray();
            if (lengths.Length == 0)
            {
                return $"{header}, value = {elements[0].ToString("g5", CultureInfo.InvariantCulture)}";
            }

            var text = new StringBuilder(header);
            for (var i = 0; i < elements.Length; i++)
            {
                text.Append(i % lengths[^1] == 0 ? "\n " : " ").Append(elements[i].ToString("g5", CultureInfo.InvariantCulture));
            }

            return text.ToString();
        }
    }
}
