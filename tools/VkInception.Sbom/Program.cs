using System.Text;
using VkInception;
using VkInception.Sbom;

// VkInception.Sbom FOLDER LOCK VERSION: writes the bill of materials of what was published into FOLDER, there.
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: VkInception.Sbom FOLDER PACKAGES.LOCK.JSON VERSION");
    return 2;
}
try
{
    string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    string bill = BillOfMaterials.Of(args[0], LockedPackage.Read(args[1]), p => p.License(packages), args[2]);
    string file = Path.Combine(args[0], BillOfMaterials.FileName);
    AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(bill)));
    Console.WriteLine(file);
    return 0;
}
catch (Exception e) when (e is VkInceptionException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
