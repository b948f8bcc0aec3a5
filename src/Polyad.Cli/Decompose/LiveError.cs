using System.Globalization;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>The error while a fit runs, as one line: sweep, error, and the last errors as bars on a logarithmic scale. On the thread of the fit: sweeps are shown in order, and nothing arrives after the end.</summary>
internal sealed class LiveError(Action<string> show) : IProgress<DecompositionProgress>
{
    private const int Width = 40;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly List<double> _logarithms = [];
    private double _low = double.PositiveInfinity;
    private double _high = double.NegativeInfinity;
    private int _start;

    public void Report(DecompositionProgress value)
    {
        if (value.Start != _start)
        {
            _logarithms.Clear();
            (_low, _high, _start) = (double.PositiveInfinity, double.NegativeInfinity, value.Start);
        }

        double logarithm = Math.Log(Math.Max(value.RelativeError, double.Epsilon));
        _logarithms.Add(logarithm);
        (_low, _high) = (Math.Min(_low, logarithm), Math.Max(_high, logarithm));
        string start = value.Start > 0 ? string.Create(CultureInfo.InvariantCulture, $"start {value.Start + 1}, ") : "";
        show(string.Create(CultureInfo.InvariantCulture, $"{start}sweep {value.Iteration}, relative error {value.RelativeError:G6}  {Curve()}"));
    }

    /// <summary>All that came, thinned to the width of the line.</summary>
    private string Curve()
    {
        Span<char> line = stackalloc char[Math.Min(Width, _logarithms.Count)];
        for (int i = 0; i < line.Length; i++)
        {
            double value = _logarithms[line.Length == 1 ? 0 : (int)((long)i * (_logarithms.Count - 1) / (line.Length - 1))];
            line[i] = Bars[_high > _low ? (int)((value - _low) / (_high - _low) * (Bars.Length - 1)) : 0];
        }

        return new string(line);
    }
}
