using System.Text;

namespace VkInception.BindingGenerator;

/// <summary>Reads the Vulkan registry and writes the part of it that the library uses, in Silk.NET's names.</summary>
public static class Program
{
    private const string Usage = "usage: VkInception.BindingGenerator path/to/vk.xml OUTPUT_FOLDER";

    public static int Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args.Length != 2 || args.Any(string.IsNullOrWhiteSpace))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        try
        {
            Write(Binding.Generate(args[0]), args[1]);
            return 0;
        }
        catch (GeneratorException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{args[1]}: cannot be written: {e.Message}");
        }
        return 1;
    }

    private static void Write(Binding binding, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in binding.Files)
            File.WriteAllText(Path.Combine(folder, name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        foreach (string extension in binding.AbsentExtensions)
            Console.Error.WriteLine($"{extension}: not in registry {binding.Version}, left out");
        Console.Error.WriteLine($"{binding.Files.Count} files from registry {binding.Version} in {folder}");
    }
}
