using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Chooses where the next sweep begins, from where the last ones began and ended.</summary>
internal sealed class Extrapolation<T>(CpAcceleration kind, bool[] fixedModes, int order)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Differences that Anderson mixing combines.</summary>
    private const int Window = 6;

    /// <summary>Line searches before this sweep only disturb.</summary>
    private const int FirstSearch = 4;

    /// <summary>Sweeps of line search after Anderson mixing has failed: it crosses the bent stretches where mixing fails again and again.</summary>
    private const int Detour = 8;

    /// <summary>Failures after which a line search becomes more careful.</summary>
    private const int Patience = 4;

    private readonly AndersonMixing _mixing = new(Window);
    private double[]? _begin;
    private double[]? _end;
    private double[]? _previous;
    private int _sweeps;
    private int _failures;
    private double _root = order;
    private int _searchUntil;

    private bool Searching => kind == CpAcceleration.LineSearch || _sweeps < _searchUntil;

    /// <summary>Moves the model to where the next sweep should begin; false when that is where it is.</summary>
    public bool Propose(CpState<T> state)
    {
        bool search = Searching && _previous is not null && _sweeps >= FirstSearch && _sweeps % 2 == 0;
        if (!search && (Searching || _mixing.Count < 2))
        {
            return false;
        }

        double[] next = search ? Beyond(Math.Pow(_sweeps, 1 / _root) - 1) : _mixing.Next();
        state.Unpack(next, fixedModes);
        _begin = next;
        return true;
    }

    /// <summary>The next sweep shall begin where the last one ended.</summary>
    public void Pause() => _mixing.Clear();

    /// <summary>To be told after each sweep that stands.</summary>
    public void Swept(CpState<T> state)
    {
        if (kind == CpAcceleration.None)
        {
            return;
        }

        _sweeps++;
        _previous = _end;
        _end = state.Pack(fixedModes);
        if (kind == CpAcceleration.Anderson && _begin is not null)
        {
            _mixing.Add(_begin, _end);
        }

        _begin = _end;
    }

    /// <summary>To be told when a sweep from a proposed point was undone.</summary>
    public void Undone()
    {
        _sweeps++;
        _begin = _end;
        if (Searching)
        {
            if (++_failures == Patience)
            {
                _failures = 0;
                _root++;
            }

            return;
        }

        _mixing.Clear();
        _searchUntil = _sweeps + Detour;
    }

    public void AddTo(ModelArchive archive, string prefix)
    {
        archive.Add(prefix + "acceleration", [_sweeps, _failures, _root, _searchUntil]);
        Add(archive, prefix + "begin", _begin);
        Add(archive, prefix + "end", _end);
        Add(archive, prefix + "previous", _previous);
        _mixing.AddTo(archive, prefix);
    }

    public void Restore(ModelArchive archive, string prefix)
    {
        double[] counters = archive.Numbers(prefix + "acceleration");
        (_sweeps, _failures, _root, _searchUntil) = ((int)counters[0], (int)counters[1], counters[2], (int)counters[3]);
        (_begin, _end, _previous) = (Find(archive, prefix + "begin"), Find(archive, prefix + "end"), Find(archive, prefix + "previous"));
        _mixing.Restore(archive, prefix);
    }

    private static void Add(ModelArchive archive, string name, double[]? values)
    {
        if (values is not null)
        {
            archive.Add(name, values);
        }
    }

    private static double[]? Find(ModelArchive archive, string name) => archive.Contains(name) ? archive.Numbers(name) : null;

    private double[] Beyond(double share)
    {
        double[] next = new double[_end!.Length];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = _end[i] + (share * (_end[i] - _previous![i]));
        }

        return next;
    }
}
