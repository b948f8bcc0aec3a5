using TorchSharp;

namespace Polyad.Torch;

/// <summary>
/// Runs one call of libtorch with a given number of threads. Torch's setting belongs to the process (each thread takes it over at its first use of Torch and keeps its own from then on),
/// so it is touched only where it differs from what is wanted, and given back.
/// </summary>
internal readonly ref struct ThreadScope : IDisposable
{
    private static readonly Lock Gate = new();
    private static int _open;
    private static int _outside;

    /// <summary>Whether this thread had taken over the process's setting before a scope of another thread could change it.</summary>
    [ThreadStatic]
    private static bool _settled;

    private readonly int _restore;

    public ThreadScope(int threads)
    {
        lock (Gate)
        {
            int here = torch.get_num_threads();
            if (_open == 0)
            {
                _outside = here;
            }

            // A thread that comes to Torch for the first time inside another one's scope has taken over a passing value.
            _restore = _settled || _open == 0 ? here : _outside;
            _settled = true;
            _open++;
            if (here != threads)
            {
                torch.set_num_threads(threads);
            }
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            _open--;
            if (torch.get_num_threads() != _restore)
            {
                torch.set_num_threads(_restore);
            }
        }
    }
}
