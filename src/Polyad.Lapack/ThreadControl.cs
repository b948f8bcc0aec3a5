namespace Polyad.Lapack;

/// <summary>A library's own setting for its threads: limited around a call and given back afterwards.</summary>
internal abstract class ThreadControl
{
    /// <summary>For a library without threads, or without a way to limit them.</summary>
    public static ThreadControl None => new Unlimited();

    /// <summary>The most threads that the library is set up for (by OMP_NUM_THREADS and the like); 0 when it cannot be asked or nothing was set.</summary>
    public abstract int Current { get; }

    /// <summary>Limits the calls of this thread to so many threads; returns what <see cref="Restore"/> needs.</summary>
    protected abstract int Limit(int threads);

    /// <summary>Undoes <see cref="Limit"/>.</summary>
    protected abstract void Restore(int threads, int token);

    /// <summary>Limits the library until the scope is disposed, never above what it was set up for.</summary>
    public Scope Use(int threads)
    {
        int limit = Math.Min(threads, Ceiling);
        return new(this, limit, Limit(limit));
    }

    /// <summary>What the library was set up for when it was loaded.</summary>
    private int Ceiling { get; set; } = int.MaxValue;

    /// <summary>The control that a library's exports offer; the library is asked by its own names, whatever file it came from.</summary>
    public static ThreadControl For(Func<string, nint> export)
    {
        ThreadControl control = Find(export);
        control.Ceiling = control.Current > 0 ? control.Current : int.MaxValue;
        return control;
    }

    private static ThreadControl Find(Func<string, nint> export)
    {
        if (export("MKL_Set_Num_Threads_Local") is not 0 and nint local)
        {
            return new MklThreadControl(local, export("MKL_Get_Max_Threads"));
        }

        if (export("openblas_set_num_threads") is not 0 and nint set && export("openblas_get_num_threads") is not 0 and nint get)
        {
            return For(new Int32ThreadSetting(set, get));
        }

        if (export("bli_thread_set_num_threads") is not 0 and nint setBlis && export("bli_thread_get_num_threads") is not 0 and nint getBlis)
        {
            return For(new Int64ThreadSetting(setBlis, getBlis));
        }

        // Any other library on OpenMP: the number that its parallel regions start with, reached through the runtime that the library is linked to.
        if (export("omp_set_num_threads") is not 0 and nint setOpenMP && export("omp_get_max_threads") is not 0 and nint getOpenMP)
        {
            return For(new Int32ThreadSetting(setOpenMP, getOpenMP));
        }

        return None;
    }

    /// <summary>Releases differ in whether the setting belongs to a thread or to the process: another thread is asked what it sees.</summary>
    private static ThreadControl For(ThreadSetting setting)
    {
        int found = setting.Read(), tried = found == 3 ? 2 : 3, seen = found;
        setting.Write(tried);
        Thread other = new(() => seen = setting.Read(), 256 * 1024) { IsBackground = true };
        other.Start();
        other.Join();
        setting.Write(found);
        return seen == tried ? new SharedThreadControl(setting) : new PrivateThreadControl(setting);
    }

    /// <summary>A limit in force.</summary>
    public readonly ref struct Scope(ThreadControl control, int threads, int token)
    {
        /// <summary>Gives the library its own setting back.</summary>
        public void Dispose() => control.Restore(threads, token);
    }

    private sealed class Unlimited : ThreadControl
    {
        public override int Current => 0;

        protected override int Limit(int threads) => 0;

        protected override void Restore(int threads, int token)
        {
        }
    }
}
