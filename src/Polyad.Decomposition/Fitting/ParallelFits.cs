using System.Runtime.ExceptionServices;

namespace Polyad.Decomposition;

/// <summary>Independent fits side by side, each on one thread: their results do not depend on how many run at a time.</summary>
internal static class ParallelFits
{
    /// <summary>What one fit throws, the set throws.</summary>
    public static void Run(int count, ILinearAlgebraBackend engine, Action<int> fit)
    {
        try
        {
            SlabLoop.Run(count, Math.Min(engine.Parallelism.MaxThreads, Parallelism.Current.MaxThreads), fit);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }
}
