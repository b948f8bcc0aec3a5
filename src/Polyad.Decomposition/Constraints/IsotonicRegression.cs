using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Least-squares fits by monotone sequences: pool adjacent violators (Ayer, Brunk, Ewing, Reid, Silverman 1955) in O(n), also for every prefix at once (Stout 2008).</summary>
internal ref struct IsotonicRegression
{
    private readonly Span<double> _sums;
    private readonly Span<double> _held;
    private readonly Span<int> _starts;
    private readonly bool _nonNegative;
    private int _blocks;
    private int _count;

    /// <param name="sums">Room for the sum of each block, as long as the data.</param>
    /// <param name="held">Room for what the blocks up to each one explain.</param>
    /// <param name="starts">Room for where each block begins.</param>
    /// <param name="nonNegative">Whether levels below 0 become 0, which is the nearest non-negative sequence.</param>
    public IsotonicRegression(Span<double> sums, Span<double> held, Span<int> starts, bool nonNegative)
    {
        _sums = sums;
        _held = held;
        _starts = starts;
        _nonNegative = nonNegative;
    }

    /// <summary>||x||^2 of the fit x to the values so far; ||v - x||^2 is ||v||^2 less this.</summary>
    public readonly double Explained => _blocks == 0 ? 0 : _held[_blocks - 1];

    /// <summary>Takes one more value into the increasing fit.</summary>
    public void Add(double value)
    {
        double sum = value;
        int start = _count++;
        while (_blocks > 0 && _sums[_blocks - 1] * (_count - start) >= sum * (start - _starts[_blocks - 1]))
        {
            _blocks--;
            sum += _sums[_blocks];
            start = _starts[_blocks];
        }

        double level = Level(sum, _count - start);
        _sums[_blocks] = sum;
        _starts[_blocks] = start;
        _held[_blocks] = (_blocks == 0 ? 0 : _held[_blocks - 1]) + (level * level * (_count - start));
        _blocks++;
    }

    /// <summary>Writes the fit, from the last place to the first when <paramref name="reversed"/>.</summary>
    public readonly void Write<T>(Span<T> fit, bool reversed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int b = 0; b < _blocks; b++)
        {
            int start = _starts[b], end = b + 1 < _blocks ? _starts[b + 1] : _count;
            (reversed ? fit[(_count - end)..(_count - start)] : fit[start..end]).Fill(T.CreateSaturating(Level(_sums[b], end - start)));
        }
    }

    private readonly double Level(double sum, int count) => _nonNegative ? Math.Max(sum / count, 0) : sum / count;
}
