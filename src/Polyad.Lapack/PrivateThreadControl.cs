namespace Polyad.Lapack;

/// <summary>A setting that each thread has for itself.</summary>
internal sealed class PrivateThreadControl(ThreadSetting setting) : ThreadControl
{
    public override int Current => Math.Max(setting.Read(), 0);

    protected override int Limit(int threads)
    {
        int found = setting.Read();
        if (found != threads)
        {
            setting.Write(threads);
        }

        return found;
    }

    protected override void Restore(int threads, int token)
    {
        if (token != threads)
        {
            setting.Write(token);
        }
    }
}
