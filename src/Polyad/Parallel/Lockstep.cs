using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Polyad;

/// <summary>
/// Threads that go through the same short steps side by side, each with a share of its own in every step: where a <see cref="WorkTeam"/> call per step would cost too much.
/// A thread writes one line of memory that the others read, so a step costs one exchange between processors.
/// Role 0 is the caller's. Helpers that have not begun soon after its first share are absent: it does their shares in all steps.
/// </summary>
internal sealed class Lockstep(int roles)
{
    /// <summary>Numbers from one role to the next: two lines, as processors fetch lines in pairs.</summary>
    private const int Distance = 32;
    private const int Begun = 1;
    private const int Absent = 2;

    /// <summary>How long the caller waits for a helper to begin: longer than one that is awake needs.</summary>
    private static readonly long Patience = (long)(50e-6 * Stopwatch.Frequency);

    /// <summary>Of each role the steps whose share is done.</summary>
    private readonly int[] _completed = new int[(roles + 2) * Distance];

    /// <summary>Of each role whether its thread has begun, or never shall.</summary>
    private readonly int[] _state = new int[(roles + 2) * Distance];

    private ExceptionDispatchInfo? _failure;

    /// <summary>How many roles there are.</summary>
    public int Roles => roles;

    /// <summary>Runs <paramref name="part"/> for each role by one <see cref="WorkTeam"/> call. An exception of one ends the others where they wait, and is thrown here.</summary>
    /// <param name="roles">Roles, at least 1.</param>
    /// <param name="steps">How many steps each of them completes.</param>
    /// <param name="part">Goes through the steps of a role.</param>
    public static void Run(int roles, int steps, Action<int, Lockstep> part)
    {
        Lockstep team = new(roles);
        WorkTeam.Run(roles, roles, role => team.Take(role, steps, part));
    }

    /// <summary>To be called first for each role by its thread. False when the caller does its shares.</summary>
    public bool Begin(int role) => Interlocked.CompareExchange(ref _state[Place(role)], Begun, 0) == 0;

    /// <summary>
    /// What a role does in a step after the share that is done, its own first: the caller takes those of absent roles too. <see cref="Roles"/> when nothing is left.
    /// </summary>
    public int NextShare(int role, int share)
    {
        do
        {
            share++;
        }
        while (share < roles && !(role == 0 && IsAbsent(share)));
        return share;
    }

    /// <summary>Says that a role's share of one more step is done.</summary>
    public void Complete(int role)
    {
        ref int completed = ref _completed[Place(role)];
        Volatile.Write(ref completed, completed + 1);
    }

    /// <summary>Returns when all roles have completed as many steps as this one: what they wrote before can be read. Throws what another role has thrown.</summary>
    public void Meet(int role)
    {
        int steps = _completed[Place(role)];
        for (int other = 0; other < roles; other++)
        {
            Wait(other, steps);
        }
    }

    /// <summary>Returns when so many steps of a role are done. Throws what another role has thrown.</summary>
    public void Wait(int role, int steps)
    {
        ref int completed = ref _completed[Place(role)];
        if (Volatile.Read(ref completed) >= steps)
        {
            return;
        }

        IdleSpin spin = IdleSpin.Start();
        while (Volatile.Read(ref completed) < steps)
        {
            Volatile.Read(ref _failure)?.Throw();
            if (!spin.Goes())
            {
                // The other thread has lost its processor in the middle of a share.
                Thread.Sleep(1);
            }
        }
    }

    private void Take(int role, int steps, Action<int, Lockstep> part)
    {
        if (!Begin(role))
        {
            // To be at hand when the next steps begin.
            Wait(0, steps);
            return;
        }

        try
        {
            part(role, this);
        }
        catch (Exception failure)
        {
            // The others wait for this role's next step, which does not come.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            throw;
        }
    }

    private bool IsAbsent(int role)
    {
        ref int state = ref _state[Place(role)];
        if (Volatile.Read(ref state) == 0)
        {
            long end = Stopwatch.GetTimestamp() + Patience;
            while (Volatile.Read(ref state) == 0 && Stopwatch.GetTimestamp() < end)
            {
                Thread.SpinWait(1);
            }

            Interlocked.CompareExchange(ref state, Absent, 0);
        }

        return Volatile.Read(ref state) == Absent;
    }

    private static int Place(int role) => (role + 1) * Distance;
}
