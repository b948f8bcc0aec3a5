using System.Globalization;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>The error while a fit runs, as one line: sweep, error, and the last errors as bars on a logarithmic scale. On the thread of the fit: sweeps are shown in order, and nothing arrives after the end.</summary>
internal sealed class LiveError(Action<string> show) : IProgress<DecompositionProgress>
{
    private const int Width = 40;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly List<double> _logarithms = [];
    private int _start;

    public void Report(DecompositionProgress value)
    {
        if (value.Start != _start)
        {
            _logarithms.Clear();
            _start = value.Start;
        }

        _logarithms.Add(Math.Log(Math.Max(value.RelativeError, double.Epsilon)));
        string start = value.Start > 0 ? string.Create(CultureInfo.InvariantCulture, $"start {value.Start + 1}, ") : "";
        show(string.Create(CultureInfo.InvariantCulture, $"{start}sweep {value.Iteration}, relative error {value.RelativeError:G6}  {Curve(_logarithms)}"));
    }

    /// <summary>All that came, thinned to the width of the line.</summary>
    internal static string Curve(List<double> values)
    {
        int count = Math.Min(Width, values.Count);
        double low = values.Min(), range = values.Max() - low;
        return string.Create(count, values, (line, all) =>
        {
            for (int i = 0; i < count; i++)
            {
                double value = all[count == 1 ? 0 : (int)((long)i * (all.Count - 1) / (count - 1))];
                line[i] = Bars[range > 0 ? (int)((value - low) / range * (Bars.Length - 1)) : 0];
            }
        });
    }
}
