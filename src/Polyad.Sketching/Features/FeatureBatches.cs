using System.Numerics;
using System.Runtime.ExceptionServices;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// Transforms rows in batches of the size that the state asks for. Where there are enough of them each thread takes whole batches with one-threaded products, which stay in its own cache; else threads share a batch.
/// Either way a feature is the same sum.
/// </summary>
internal static unsafe class FeatureBatches
{
    public static void Transform<T>(
        FeatureState<T> state, in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend, IProgress<FeatureProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        int rows = x.Rows, batch = state.BatchRows, batches = (int)((rows + (long)batch - 1) / batch);
        int threads = Parallelism.Current.Min(backend.Parallelism).ThreadsForBytes((double)rows * features.Columns * sizeof(T));
        fixed (T* source = x)
        fixed (T* target = features)
        {
            PinnedRows<T> input = new(x, source);
            MatrixBlock<T> output = Pinned.Block(features, target);
            int done = 0;
            Lock gate = new();
            void One(int index)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int first = index * batch, count = Math.Min(batch, rows - first);
                MatrixView<T> part = output.Slice(first, 0, count, output.Columns).AsView();
                state.Transform(input.Slice(first, count), part, backend);
                if (!FiniteCheck.All((ReadOnlyMatrixView<T>)part, out int row, out int column))
                {
                    throw new OverflowException($"Feature {column} of row {first + row} leaves the range of {typeof(T).Name}: scale the rows down.");
                }

                if (progress is not null)
                {
                    lock (gate)
                    {
                        done += count;
                        progress.Report(new FeatureProgress(done, rows));
                    }
                }
            }

            if (threads == 1 || batches < 2 * threads)
            {
                for (int i = 0; i < batches; i++)
                {
                    One(i);
                }
            }
            else
            {
                Share(batches, threads, One);
            }
        }
    }

    /// <summary>Runs batches on threads of one; of several failures that of the first batch is thrown, as one thread would.</summary>
    private static void Share(int batches, int threads, Action<int> one)
    {
        int failed = int.MaxValue;
        ExceptionDispatchInfo? failure = null;
        Lock gate = new();
        WorkTeam.Run(batches, threads, index =>
        {
            if (index > Volatile.Read(ref failed))
            {
                return;
            }

            try
            {
                using (Parallelism.Use(1))
                {
                    one(index);
                }
            }
            catch (Exception e)
            {
                lock (gate)
                {
                    if (index < failed)
                    {
                        failure = ExceptionDispatchInfo.Capture(e);
                        Volatile.Write(ref failed, index);
                    }
                }
            }
        });
        failure?.Throw();
    }
}
