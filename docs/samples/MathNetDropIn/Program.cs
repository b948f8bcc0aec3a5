using System.Globalization;
using MathNetDropIn;

// How much faster a Math.NET program becomes by one line: its product and SVD, one thread each.
//   dotnet run -c Release --project docs/samples/MathNetDropIn -- [size] [rounds]
int size = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
Console.WriteLine($"{size} x {size}, double, one thread, best of {rounds}, {Polyad.ManagedBackend.Isa}");
Console.WriteLine($"{"",-24}{"Math.NET",14}{"with Polyad",14}{"faster",10}{"difference",14}");
foreach (Gain gain in BeforeAndAfter.Measure(size, rounds))
{
    Console.WriteLine($"{gain.Operation,-24}{gain.Before,11:F1} ms{gain.After,11:F1} ms{gain.Factor,9:F1}x{gain.Difference,14:G2}");
}
