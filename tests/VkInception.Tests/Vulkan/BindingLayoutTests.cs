using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using NUnit.Framework;
using VkInception.Tests.House;
using Vk = Silk.NET.Vulkan.Vk;

namespace VkInception.Tests.Vulkan;

/// <summary>Every structure of the binding lies in memory as the C compiler laid it out (64-bit; <c>struct_layouts.py</c> made the table).</summary>
[TestFixture]
public sealed class BindingLayoutTests
{
    private const string Table = "tests/VkInception.Tests/Vulkan/struct_layouts.txt";

    [Test]
    public void EveryStructureHasAnEntry()
    {
        IEnumerable<string> tabled = File.ReadLines(Repository.PathOf(Table)).Select(line => line.Split(' ')[0]);
        IEnumerable<string> generated = File.ReadLines(Repository.PathOf("src/VkInception.Vulkan/Interop/Structs.g.cs"))
            .Where(line => line.StartsWith("internal unsafe partial struct ", StringComparison.Ordinal))
            .Select(line => "Vk" + line.Split(' ')[^1]);

        Assert.That(tabled, Is.EqualTo(generated));
        Assert.That(tabled.Count(), Is.GreaterThan(100));
    }

    [TestCaseSource(nameof(Layouts))]
    public void LiesInMemoryAsInC(string structure, string sizeAndOffsets)
    {
        Assume.That(Environment.Is64BitProcess, "the table was made for 64-bit programs");
        int[] expected = [.. sizeAndOffsets.Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        Type type = typeof(Vk).Assembly.GetType($"Silk.NET.Vulkan.{structure[2..]}", throwOnError: true)!;
        FieldInfo[] fields = [.. type.GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(f => f.MetadataToken)];

        Assert.That(fields.Select(f => OffsetOf(type, f)).Prepend(SizeOf(type)), Is.EqualTo(expected));
    }

    private static IEnumerable<TestCaseData> Layouts() =>
        File.ReadLines(Repository.PathOf(Table))
            .Select(line => line.Split(' ', 2))
            .Select(parts => new TestCaseData(parts[0], parts[1]).SetArgDisplayNames(parts[0]));

    private static int SizeOf(Type type)
    {
        var method = new DynamicMethod("SizeOf", typeof(int), Type.EmptyTypes, typeof(Vk).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int>>()();
    }

    // The marshaller's own offsets do not know inline arrays, so the runtime is asked for an address.
    private static int OffsetOf(Type type, FieldInfo field)
    {
        var method = new DynamicMethod("OffsetOf", typeof(int), Type.EmptyTypes, typeof(Vk).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca_S, 0);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca_S, 0);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int>>()();
    }
}
