using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Many models on one tensor, as many at a time as fit into a number of columns: their factors stand side by side in wide matrices, one tree forms the products of all, and each model updates
/// its own columns (concurrent alternating least squares: Psarras, Karlsson, Bro, Bientinesi 2022).
/// </summary>
internal sealed class ConcurrentModels<T>(DenseInput<T> input, AlsPlan plan, int capacity, int total, int maxIterations) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly List<(int Task, AlternatingLeastSquares<T> Model)> _active = [];
    private readonly CpFitState<T>?[] _finished = new CpFitState<T>?[total];
    private readonly DimensionTree<T> _tree = new(input.Tensor, capacity, plan.Backend);
    private Tensor<T>[] _wide = [];
    private int _next;

    /// <summary>R of each task.</summary>
    public required int[] Ranks { get; init; }

    /// <summary>Begins a task.</summary>
    public required Func<int, AlternatingLeastSquares<T>> Start { get; init; }

    /// <summary>Goes on with a task from an archive under a prefix.</summary>
    public required Func<int, ModelArchive, string, AlternatingLeastSquares<T>> Restore { get; init; }

    public int Sweeps { get; private set; }

    public int Finished { get; private set; }

    /// <summary>Lets tasks in while there is room; false when all are done.</summary>
    public bool Fill()
    {
        bool changed = _wide.Length == 0 || _tree.Rank != Width();
        while (_next < total && Width() + Ranks[_next] <= capacity)
        {
            AlternatingLeastSquares<T> model = Start(_next);
            if (model.Fit.Converged)
            {
                Finish(_next, model.Fit);
            }
            else
            {
                _active.Add((_next, model));
                changed = true;
            }

            _next++;
        }

        if (changed && _active.Count > 0)
        {
            _tree.Rank = Width();
            _wide = [.. input.Lengths.Select(n => FreshMemory.Zeros<T>([n, Width()]))];
        }

        return _active.Count > 0;
    }

    /// <summary>One sweep of every active model.</summary>
    public void Sweep()
    {
        foreach ((_, AlternatingLeastSquares<T> model) in _active)
        {
            model.Begin();
        }

        for (int n = 0; n < input.Order; n++)
        {
            CopyToWide(n);
        }

        _tree.Sweep(
            _wide,
            (mode, product) =>
            {
                int at = 0;
                foreach ((_, AlternatingLeastSquares<T> model) in _active)
                {
                    int rank = model.Fit.State.Rank;
                    model.Update(mode, product.AsReadOnlyMatrix().Slice(0, at, (int)input.Lengths[mode], rank));
                    at += rank;
                }

                CopyToWide(mode);
            });
        Sweeps++;
        for (int k = _active.Count - 1; k >= 0; k--)
        {
            (int task, AlternatingLeastSquares<T> model) = _active[k];
            model.End();
            if (model.Fit.Converged || model.Fit.Errors.Count >= maxIterations)
            {
                Finish(task, model.Fit);
                _active.RemoveAt(k);
            }
        }
    }

    /// <summary>The fits of all tasks, each with its exact error.</summary>
    public IEnumerable<CpResult<T>> Results()
        => _finished.Select(fit => fit!.Result(input, input.Norm == 0 ? 0 : CpError.Exact(input, fit.State, plan.Backend)));

    public void Dispose() => _tree.Dispose();

    public void AddTo(ModelArchive archive)
    {
        archive.Add("sweeps", Sweeps);
        archive.Add("next", _next);
        archive.Add("active", [.. _active.Select(static a => (double)a.Task)]);
        foreach ((int task, AlternatingLeastSquares<T> model) in _active)
        {
            model.AddTo(archive, $"task_{task}_");
        }

        for (int task = 0; task < total; task++)
        {
            _finished[task]?.AddTo(archive, $"task_{task}_");
        }
    }

    public void Read(ModelArchive archive)
    {
        (Sweeps, _next) = (archive.Whole("sweeps"), archive.Whole("next"));
        int[] active = [.. archive.Numbers("active").Select(static t => (int)t)];
        foreach (int task in active)
        {
            _active.Add((task, Restore(task, archive, $"task_{task}_")));
        }

        foreach (int task in Enumerable.Range(0, _next).Except(active))
        {
            Finish(task, CpFitState<T>.Of(archive, $"task_{task}_", input.Order, plan.Backend, default, plan.Ridge > 0));
        }
    }

    private void Finish(int task, CpFitState<T> fit)
    {
        _finished[task] = fit;
        Finished++;
    }

    private int Width() => _active.Sum(static a => a.Model.Fit.State.Rank);

    private void CopyToWide(int mode)
    {
        int at = 0;
        foreach ((_, AlternatingLeastSquares<T> model) in _active)
        {
            int rank = model.Fit.State.Rank;
            model.Fit.State.Factors[mode].AsReadOnlyMatrix().CopyTo(_wide[mode].AsMatrix().Slice(0, at, (int)input.Lengths[mode], rank));
            at += rank;
        }
    }
}
