using System.Globalization;
using VkInception;
using VkInception.Soak;

const string usage = "usage: VkInception.Soak [RUNS [STEPS [CYCLES [DEVICE]]]]; 10000 2000 500 auto where nothing is said";
int[] counts = [10_000, 2_000, 500];
for (int i = 0; i < Math.Min(args.Length, counts.Length); i++)
{
    if (!int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out counts[i]) || counts[i] is < 24 and not 0)
    {
        Console.Error.WriteLine($"soak: {args[i]}: 0, or a number from 24 on; {usage}");
        return 2;
    }
}
string device = args.Length > counts.Length ? args[counts.Length] : "auto";
try
{
    List<string> growing = [];
    Func<string, int, Curve>[] kinds = [Soaking.Inference, Soaking.Training, Soaking.Cycles];
    for (int i = 0; i < kinds.Length; i++)
    {
        if (counts[i] == 0) continue;
        Curve curve = kinds[i](device, counts[i]);
        Console.WriteLine(curve.Table());
        growing.AddRange(curve.Growing);
    }
    foreach (string line in growing) Console.Error.WriteLine($"soak: {line}");
    return growing.Count == 0 ? 0 : 1;
}
catch (VkInceptionException e)
{
    Console.Error.WriteLine($"soak: {e.Message}");
    return 1;
}
