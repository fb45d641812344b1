using System.Diagnostics;
using NUnit.Framework;

namespace VkInception.Tests.Training;

/// <summary>A file system of a few kilobytes; the test is skipped where this process may not mount one.</summary>
internal sealed class TinyDisk : IDisposable
{
    private TinyDisk(string path) => Path = path;

    public string Path { get; }

    public static TinyDisk Mount(string folder, int kilobytes)
    {
        string path = System.IO.Path.Combine(folder, "disk");
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path) != 0)
        {
            Directory.Delete(path);
            Assert.Ignore("needs the right to mount a small file system (root on Linux)");
        }
        return new TinyDisk(path);
    }

    public void Dispose() => Assert.That(Run("umount", Path), Is.Zero);

    private static int Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
