namespace Polyad.Cli.Machine;

/// <summary>Runs one short piece of work on several threads that all begin together.</summary>
internal static class ParallelBurst
{
    public static void Run(int threads, Action<int> work)
    {
        using Barrier ready = new(threads);
        Thread[] team = new Thread[threads - 1];
        for (int i = 0; i < team.Length; i++)
        {
            int index = i + 1;
            team[i] = new Thread(() =>
            {
                ready.SignalAndWait();
                work(index);
            }) { IsBackground = true };
            team[i].Start();
        }

        ready.SignalAndWait();
        work(0);
        foreach (Thread thread in team)
        {
            thread.Join();
        }
    }
}
